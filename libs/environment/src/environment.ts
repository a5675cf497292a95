import { z } from 'zod';
import { nearestName } from './nearest-name.js';

const port = z.coerce.number().int().min(0).max(65_535);
const url = (protocols: RegExp) => z.url({ protocol: protocols }).transform((text) => text.replace(/\/+$/, ''));
const http = url(/^https?$/);

const schema = z.object({
  PORT: port.default(4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: url(/^postgres(ql)?$/).optional(),
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_BASE_URL: http.optional(),
  QDRANT_URL: http.optional(),
  QDRANT_API_KEY: z.string().min(1).optional(),
  ANTHROPIC_API_KEY: z.string().min(1).optional(),
  ANTHROPIC_BASE_URL: http.optional(),
  PARSIMONY_HOME: z.string().min(1).default('.parsimony'),
  PARSIMONY_ADMIN_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  PARSIMONY_MASTER_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  PARSIMONY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PARSIMONY_PLUGINS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .default(['@parsimony/request-policy']),
  PARSIMONY_SIMULATOR_PORT: port.default(4010),
});

export type Environment = z.infer<typeof schema>;

/** The environment is not usable; the message lists every variable that is wrong. */
export class EnvironmentError extends Error {}

const PREFIX = 'PARSIMONY_';
/** The simulator has variables of its own, which it proves itself. */
const SIMULATOR_PREFIX = 'PARSIMONY_SIMULATOR_';
const KNOWN = Object.keys(schema.shape).filter((name) => name.startsWith(PREFIX));

/**
 * Proves the environment variables of a process. Empty ones count as unset.
 *
 * @throws EnvironmentError for values that do not fit, and for unknown `PARSIMONY_*` names, with the nearest known one.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const unknown = Object.keys(set).filter(
    (name) => name.startsWith(PREFIX) && !name.startsWith(SIMULATOR_PREFIX) && !KNOWN.includes(name),
  );
  const parsed = schema.safeParse(set);
  const problems = [
    ...unknown.map((name) => `${name} is unknown${suggestion(name)}`),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  ];
  if (!parsed.success || problems.length > 0) throw new EnvironmentError(problems.join('\n'));
  return parsed.data;
}

function suggestion(name: string): string {
  const nearest = nearestName(name, KNOWN);
  return nearest ? `; did you mean ${nearest}?` : `; known are ${KNOWN.join(', ')}`;
}
