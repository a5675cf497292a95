/** A piece of text and the logarithm of its probability; its place in the list is the token's number. */
export type Vocabulary = readonly (readonly [piece: string, score: number])[];

/** The first entries stand for no text: unknown, begin, end and spare ones. */
const RESERVED_PIECES = 6;
const UNKNOWN = 0;
const WORD_BOUNDARY = '\u2581';

interface Node {
  readonly next: Map<number, Node>;
  /** The token that ends here; -1 where none does. */
  token: number;
  score: number;
}

/**
 * Cuts text into the likeliest pieces (a unigram language model with Viterbi's search: Kudo 2018, arXiv 1804.10959), in
 * the way of @energetic-ai/embeddings, its deviations included: the model's vectors are right for these tokens only.
 */
export class SentencePieces {
  private readonly root = newNode();

  constructor(vocabulary: Vocabulary) {
    for (const [token, [piece, score]] of vocabulary.entries()) {
      if (token < RESERVED_PIECES) continue;
      let node = this.root;
      for (const symbol of codePoints(piece)) {
        let next = node.next.get(symbol);
        if (!next) node.next.set(symbol, (next = newNode()));
        node = next;
      }
      node.token = token;
      node.score = score;
    }
  }

  /** Numbers of the tokens; what is unknown in a row is one token 0. */
  encode(text: string): number[] {
    const normalized = text.normalize('NFKC');
    if (normalized === '') return [];
    const symbols = codePoints(WORD_BOUNDARY + normalized.replaceAll(' ', WORD_BOUNDARY));
    const best = new Float64Array(symbols.length + 1);
    const tokens = new Int32Array(symbols.length + 1);
    const starts = new Int32Array(symbols.length + 1);
    for (let end = 1; end <= symbols.length; end++) starts[end] = end - 1;

    const offer = (start: number, end: number, token: number, score: number) => {
      const sum = (best[start] ?? 0) + score;
      const reached = best[end] ?? 0;
      // 0 means "not reached yet", to the package as well, though a run of unknown symbols has that score too.
      if (reached !== 0 && sum < reached) return;
      best[end] = sum;
      tokens[end] = token;
      starts[end] = start;
    };
    for (let start = 0; start < symbols.length; start++) {
      let known = false;
      let node = this.root.next.get(symbols[start] ?? 0);
      for (let end = start + 1; node; end++) {
        if (node.token >= 0) {
          offer(start, end, node.token, node.score);
          known = true;
        }
        node = end < symbols.length ? node.next.get(symbols[end] ?? 0) : undefined;
      }
      if (!known) offer(start, start + 1, UNKNOWN, 0);
    }
    return backwards(tokens, starts);
  }
}

function backwards(tokens: Int32Array, starts: Int32Array): number[] {
  const found: number[] = [];
  for (let end = tokens.length - 1; end > 0; end = starts[end] ?? 0) {
    const token = tokens[end] ?? UNKNOWN;
    if (token !== UNKNOWN || found.at(-1) !== UNKNOWN) found.push(token);
  }
  return found.reverse();
}

function newNode(): Node {
  return { next: new Map(), token: -1, score: 0 };
}

function codePoints(text: string): number[] {
  return Array.from(text, (symbol) => symbol.codePointAt(0) ?? 0);
}
