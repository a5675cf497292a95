import { isJsonObject } from '@parsimony/contract';
import type { Json } from '@parsimony/contract';
import { LARGEST_CONTEXT_TOKENS } from './largest-context.js';

/** What chat templates add of their own: a preamble with dates, or the frame of the conversation. */
export const TEMPLATE_TOKENS = 128;
/** The frame of a message; four in the cookbook's dearest model. */
export const MESSAGE_TOKENS = 8;
/** What providers add where there are tools; Anthropic documents up to 530 tokens. */
const TOOLS_TOKENS = 640;
/** Instructions of a tool that stand at the provider and not in the body; Anthropic documents up to 1,500 a tool. */
const PROVIDER_TOOL_TOKENS = 10_000;

/** Tools that the caller runs, and that the body describes in full. */
const OWN_TOOLS: ReadonlySet<string> = new Set(['function', 'custom']);
/** Tools that the caller runs and the provider describes: computer, shell, editors, memory. */
const LOCAL_TOOLS = /^(?:computer|bash|shell|local_shell|apply_patch|text_editor|memory|browser)/;

/** What tools add beside the bytes that describe them. What a tool at the provider finds goes into the prompt. */
export function toolsCeiling(tools: Json | undefined): number {
  if (!Array.isArray(tools) || tools.length === 0) return 0;
  let ceiling = TOOLS_TOKENS;
  let hosted = false;
  for (const tool of tools as readonly Json[]) {
    const type = isJsonObject(tool) ? tool['type'] : undefined;
    if (typeof type !== 'string' || OWN_TOOLS.has(type)) continue;
    ceiling += PROVIDER_TOOL_TOKENS;
    hosted ||= !LOCAL_TOOLS.test(type);
  }
  return hosted ? ceiling + LARGEST_CONTEXT_TOKENS : ceiling;
}

/** Whether a field is there and says something. */
export function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Length in UTF-16 units; each has at least one byte in the body, so that no more is taken off than the text put in. */
export function unitsOf(value: Json | undefined): number {
  return typeof value === 'string' ? value.length : 0;
}
