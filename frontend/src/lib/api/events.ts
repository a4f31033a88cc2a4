/** Server-sent events read from a fetch body: `EventSource` cannot send an Authorization header. */

export interface ServerEvent {
  name: string;
  data: string;
}

/** Events of one response, in order. Lines may end in LF or CRLF and be split between chunks. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as TextDecoding).getReader();
  let rest = '';
  let name = 'message';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const raw of lines) {
        const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
        if (line === '') {
          if (data.length > 0) yield { name, data: data.join('\n') };
          name = 'message';
          data = [];
          continue;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') name = text;
        if (field === 'data') data.push(text);
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** The DOM's types disagree about the byte arrays that a decoder takes. */
type TextDecoding = ReadableWritablePair<string, Uint8Array>;
