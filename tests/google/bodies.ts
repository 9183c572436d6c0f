import { Refused } from "./answer";

/** An error of the list of an answer. */
interface Item {
  message: string;
  domain: string;
  reason: string;
  location?: string;
  locationType?: string;
}

/** The older form: code, message and a list. */
export function older(code: number, item: Item): Refused {
  return new Refused(code, { error: { code, message: item.message, errors: [item] } });
}

/** The newer form: also a status and, mostly, details. */
export function newer(code: number, status: string, item: Item, details?: object[]): Refused {
  const more = details ? { status, details } : { status };
  return new Refused(code, { error: { code, message: item.message, errors: [item], ...more } });
}

export const INFO = "type.googleapis.com/google.rpc.ErrorInfo";
export const SERVICE = "youtube.googleapis.com";
