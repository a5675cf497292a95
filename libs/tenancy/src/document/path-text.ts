export type Path = readonly (string | number)[];

/** Writes a path as people do: `plugins[0].config.maxTokens`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
