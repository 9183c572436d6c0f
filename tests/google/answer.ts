/** What a request is answered with; who sends it is somebody else. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** Thrown where a request is refused: status and Google's body. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {
    super(JSON.stringify(body));
  }
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=UTF-8" },
  body: JSON.stringify(value),
});

export const html = (text: string, status: number): Answer => ({
  status,
  headers: { "content-type": "text/html; charset=UTF-8" },
  body: text,
});
