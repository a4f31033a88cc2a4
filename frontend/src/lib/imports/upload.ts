/** One upload with progress, which `fetch` cannot report. */

import type { Client } from '#lib/api/client.ts';
import { ApiProblem, ServerAway } from '#lib/api/problem.ts';
import type { Import } from '#lib/api/types.ts';
import type { PathFile } from './dropped.ts';

export async function upload(
  client: Client,
  files: PathFile[],
  signal: AbortSignal,
  onProgress: (sent_bytes: number) => void,
): Promise<Import> {
  const answer = await send(client.token, files, signal, onProgress);
  if (answer.status !== 401) return accepted(answer);
  await client.refresh();
  return accepted(await send(client.token, files, signal, onProgress));
}

interface Answer {
  status: number;
  body: string;
}

function accepted({ status, body }: Answer): Import {
  const value: unknown = JSON.parse(body || '{}');
  if (status === 202) return value as Import;
  const problem = value as { type?: string; title?: string; detail?: string };
  throw new ApiProblem(status, problem.type ?? '', problem.title ?? '', problem.detail ?? null);
}

function send(
  token: string | null,
  files: PathFile[],
  signal: AbortSignal,
  onProgress: (sent_bytes: number) => void,
): Promise<Answer> {
  const form = new FormData();
  for (const { path, file } of files) form.append('files', file, path);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/v1/activities/imports');
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => resolve({ status: request.status, body: request.responseText });
    request.onerror = () => reject(new ServerAway());
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
