/**
 * Compiles a pattern in which `*` stands for any run of characters, slashes too. It looks for the pieces between the
 * stars from left to right: a regular expression with several stars would backtrack for as long as a caller's model
 * name makes it.
 */
export function modelPattern(pattern: string): (model: string) => boolean {
  const [prefix = '', ...pieces] = pattern.split('*');
  const suffix = pieces.pop();
  if (suffix === undefined) return (model) => model === pattern;
  return (model) => {
    const end = model.length - suffix.length;
    if (!model.startsWith(prefix) || !model.endsWith(suffix)) return false;
    let position = prefix.length;
    for (const piece of pieces) {
      const found = model.indexOf(piece, position);
      if (found < 0) return false;
      position = found + piece.length;
    }
    return position <= end;
  };
}
