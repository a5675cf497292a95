/** One message of a prompt, as far as the simulator reads it, whichever protocol brought it. */
export interface PromptMessage {
  readonly role: string;
  /** All its text parts, joined. */
  readonly text: string;
  /** Names, tool calls and tool results: they count as prompt tokens. */
  readonly annotations: readonly string[];
  /** Tokens of its images, files and sounds. */
  readonly mediaTokens: number;
}
