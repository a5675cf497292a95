/** What a `data:` URL with base64 holds (RFC 2397). */
export interface DataUrl {
  /** In lower case, without parameters: `image/png`. */
  readonly mediaType: string;
  /** Base64, as it was written. */
  readonly data: string;
}

/** Longer headers than this are no media type; what follows may be megabytes and is not searched. */
const HEADER_LIMIT = 200;

/** Takes a base64 `data:` URL apart without looking at its data. @returns nothing where it is another kind of URL. */
export function parseDataUrl(url: string): DataUrl | undefined {
  if (url.slice(0, 5).toLowerCase() !== 'data:') return undefined;
  const comma = url.slice(0, HEADER_LIMIT).indexOf(',');
  if (comma === -1) return undefined;
  const [mediaType = '', ...parameters] = url.slice(5, comma).toLowerCase().split(';');
  if (parameters.at(-1) !== 'base64') return undefined;
  return { mediaType, data: url.slice(comma + 1) };
}

export function formatDataUrl({ mediaType, data }: DataUrl): string {
  return `data:${mediaType};base64,${data}`;
}
