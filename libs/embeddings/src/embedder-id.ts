import { hash } from 'node:crypto';

const MAX_MODEL_LENGTH = 80;

/**
 * An embedder's id: lower-case letters, digits and `-`. Names that would become alike, such as `a/b.c` and `a/b-c`, are
 * kept apart by a digest, since vectors of two models must never be compared.
 */
export function embedderId(kind: string, model: string, dimensions?: number): string {
  const plain = /^[a-z0-9]+$/.test(kind) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(model) && model.length <= MAX_MODEL_LENGTH;
  const digest = plain ? '' : hash('sha256', `${kind}/${model}`, 'hex').slice(0, 8);
  const parts = [kind, model.slice(0, MAX_MODEL_LENGTH), String(dimensions ?? ''), digest];
  return parts
    .flatMap((part) => part.toLowerCase().split(/[^a-z0-9]+/))
    .filter((word) => word !== '')
    .join('-');
}
