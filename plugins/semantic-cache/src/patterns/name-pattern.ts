/**
 * Compiles a pattern in which `*` stands for any run of characters. It looks for the pieces between the stars from left to
 * right: a regular expression with several stars would backtrack for as long as a caller's name makes it.
 */
export function namePattern(pattern: string): (name: string) => boolean {
  const [prefix = '', ...pieces] = pattern.split('*');
  const suffix = pieces.pop();
  if (suffix === undefined) return (name) => name === pattern;
  return (name) => {
    const end = name.length - suffix.length;
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) return false;
    let position = prefix.length;
    for (const piece of pieces) {
      const found = name.indexOf(piece, position);
      if (found < 0) return false;
      position = found + piece.length;
    }
    return position <= end;
  };
}
