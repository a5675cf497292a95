/** Why the semantic cache leaves a call alone. */
export type Ineligible =
  | 'operation'
  /** The last word is a tool's or the model's own. */
  | 'not-asked-last'
  /** Images, sound or files, whose meaning a text does not tell. */
  | 'not-text'
  | 'no-words'
  | 'too-long'
  | 'several-answers'
  | 'not-text-answer'
  /** A number that JavaScript cannot tell from its neighbours. */
  | 'inexact-number';
