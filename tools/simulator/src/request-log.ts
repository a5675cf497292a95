import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { BilledTokens } from './bill.js';
import { keyLabel } from './key-label.js';

/** What was charged for one request. */
export interface RequestCharge {
  readonly model: string;
  readonly tokens: BilledTokens;
  readonly chargedPicoDollars: string;
}

/** One request as it came in. */
export interface ReceivedRequest {
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly method: string;
  readonly url: string;
  /** Secrets are masked; the key is shown by its label. */
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body. */
  readonly bytes: number;
  /** SHA-256 of the body's bytes, hexadecimal. */
  readonly sha256: string;
  /** The body as it was sent; null where it is not JSON. */
  readonly body: unknown;
  /** null: not charged, or not yet. */
  readonly charge: RequestCharge | null;
}

/** An entry of the log, which the rest of the request fills in. */
export interface RequestLogEntry {
  readonly receivedAt: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  isJson: boolean;
  charge: RequestCharge | null;
}

export const MOST_REQUESTS = 1000;
const MOST_BYTES = 64 * 1024 * 1024;
const SECRET_HEADER = /authorization|api-?key|token|secret|cookie/i;

/** The last requests, at most 1,000 and 64 MB of bodies. */
export class RequestLog {
  readonly #entries: RequestLogEntry[] = [];
  #bytes = 0;

  record(entry: RequestLogEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes.length;
    while (this.#entries.length > MOST_REQUESTS || (this.#bytes > MOST_BYTES && this.#entries.length > 1)) {
      this.#bytes -= this.#entries.shift()?.bytes.length ?? 0;
    }
  }

  /** `{"requests": ReceivedRequest[]}` as JSON text, oldest first. Bodies stand in it exactly as they were sent. */
  toJson(last: number): string {
    return `{"requests":[${this.#entries.slice(-last).map(entryJson).join(',')}]}`;
  }
}

function entryJson(entry: RequestLogEntry): string {
  const rest = {
    receivedAt: new Date(entry.receivedAt).toISOString(),
    method: entry.method,
    url: entry.url,
    headers: maskedHeaders(entry.headers),
    bytes: entry.bytes.length,
    sha256: hash('sha256', entry.bytes, 'hex'),
    charge: entry.charge,
  };
  return `${JSON.stringify(rest).slice(0, -1)},"body":${entry.isJson ? entry.bytes.toString() : 'null'}}`;
}

function maskedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = String(value);
      if (name === 'authorization') return [name, text.replace(/\S+$/, (secret) => keyLabel(secret))];
      return [name, SECRET_HEADER.test(name) ? '[masked]' : text];
    }),
  );
}
