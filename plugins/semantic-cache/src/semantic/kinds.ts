/** Kinds of answers are verified, and measured, apart from each other. */
export const CHAT = 'chat';
export const CLASSIFICATION = 'classification';

export function kindOfResults(namespace: string): string {
  return `results/${namespace}`;
}
