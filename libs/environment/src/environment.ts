import { combinationProblems } from './combinations.js';
import { environmentSchema, type Environment } from './environment-schema.js';
import { EnvironmentError } from './environment-error.js';
import { nearestName } from './nearest-name.js';

const PREFIX = 'PARSIMONY_';
/** The simulator has variables of its own, which it proves itself. */
const SIMULATOR_PREFIX = 'PARSIMONY_SIMULATOR_';
const KNOWN = Object.keys(environmentSchema.shape).filter((name) => name.startsWith(PREFIX));

/**
 * Proves the environment variables of a process. Empty ones count as unset.
 *
 * @throws EnvironmentError for values that do not fit, alone or together, and for unknown `PARSIMONY_*` names, with the
 * nearest known one. No message repeats a value: many are secrets.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const unknown = Object.keys(set).filter(
    (name) => name.startsWith(PREFIX) && !name.startsWith(SIMULATOR_PREFIX) && !KNOWN.includes(name),
  );
  const parsed = environmentSchema.safeParse(set);
  const problems = [
    ...unknown.map((name) => `${name} is unknown${suggestion(name)}`),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`),
    ...combinationProblems((name) => name in set),
  ];
  if (!parsed.success || problems.length > 0) throw new EnvironmentError([...new Set(problems)].join('\n'));
  return parsed.data;
}

function suggestion(name: string): string {
  const nearest = nearestName(name, KNOWN);
  return nearest ? `; did you mean ${nearest}?` : `; known are ${KNOWN.join(', ')}`;
}
