/** What went wrong with a request, with words for the runner. */

import { t } from '#lib/i18n/index.ts';

/** An answer in application/problem+json (RFC 9457). `type` is stable, the texts are not. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly type: string,
    title: string,
    readonly detail: string | null = null,
    /** How long to wait before asking again, where the server says so. */
    readonly retryAfter_s: number | null = null,
  ) {
    super(title);
  }

  /** The last word of the type: "not-found". */
  get kind(): string {
    return this.type.replace(/^.*\/problems\//, '');
  }
}

/** No answer at all: the server is not running, or the way to it is cut. */
export class ServerAway extends Error {
  override name = 'ServerAway';
}

/** Read a refused answer, whatever its body looks like. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  const retryAfter_s = Number(response.headers.get('Retry-After')) || null;
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return new ApiProblem(
      response.status,
      typeof body.type === 'string' ? body.type : 'about:blank',
      typeof body.title === 'string' ? body.title : response.statusText,
      typeof body.detail === 'string' ? body.detail : null,
      retryAfter_s,
    );
  } catch {
    return new ApiProblem(response.status, 'about:blank', response.statusText, null, retryAfter_s);
  }
}

/** Whether the server refused for this reason. */
export const isKind = (error: unknown, ...kinds: string[]): boolean =>
  error instanceof ApiProblem && kinds.includes(error.kind);

/** Whether what the address names is not there, be it deleted or mistyped. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 404 || error.status === 422);

/** Whether the server wants no more requests for a while. */
export const isQuotaExceeded = (error: unknown): error is ApiProblem =>
  isKind(error, 'quota-exceeded');

/** What happened, and what to do: never a code or an exception's own text. */
export function problemWords(error: unknown): { title: string; advice: string } {
  if (error instanceof ServerAway) return t.problems.away;
  // What browsers say about passkeys: this device has one already, or it gave up.
  if (error instanceof DOMException) {
    return error.name === 'InvalidStateError' ? t.problems.passkeyKnown : t.problems.passkeyFailed;
  }
  if (!(error instanceof ApiProblem)) return t.problems.unexpected;
  if (isKind(error, 'quota-exceeded'))
    return t.problems.quota(Math.ceil((error.retryAfter_s ?? 60) / 60));
  const known = t.problems.byType as Record<string, { title: string; advice: string }>;
  return known[error.kind] ?? (error.status >= 500 ? t.problems.failed : t.problems.unexpected);
}
