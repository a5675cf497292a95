/**
 * The parts of a measurement that `--only` names.
 *
 * @param only names with commas between them; undefined: all.
 * @throws Error that names what is unknown.
 */
export function chosenParts<Part extends string>(known: readonly Part[], only: string | undefined): readonly Part[] {
  if (only === undefined) return known;
  return only.split(',').map((name) => {
    const part = known.find((each) => each === name.trim());
    if (part === undefined) throw new Error(`--only: there is no '${name}'; there are ${known.join(', ')}`);
    return part;
  });
}
