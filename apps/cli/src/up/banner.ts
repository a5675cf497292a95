import type { NewKeys } from './seed.js';

export interface Running {
  readonly gatewayUrl: string;
  readonly gatewayPid: number | undefined;
  /** Undefined: the service runs elsewhere. */
  readonly budgetsUrl: string | undefined;
  readonly simulatorUrl: string | undefined;
  readonly home: string;
  readonly embedded: boolean;
  readonly keys: NewKeys;
  readonly seconds: number;
}

/** Says where things are, and the keys that were made, this once. */
export function banner(running: Running): string {
  const { gatewayUrl, budgetsUrl, simulatorUrl, keys } = running;
  const places = [
    ['OpenAI-compatible', `${gatewayUrl}/v1`],
    ['Anthropic-compatible', gatewayUrl],
    ['GraphQL', `${gatewayUrl}/graphql`],
    ['health, metrics', `${gatewayUrl}/healthz  ${gatewayUrl}/readyz  ${gatewayUrl}/metrics`],
    ...(simulatorUrl === undefined
      ? []
      : [['simulator', `${simulatorUrl}/v1, its bill at ${simulatorUrl}/simulator/bill`]]),
    ['budgets service', budgetsUrl === undefined ? 'PARSIMONY_BUDGETS_URL' : `${budgetsUrl}, for gateways alone`],
    ['data', running.embedded ? `${running.home} (embedded PostgreSQL)` : 'DATABASE_URL'],
    ['gateway process', String(running.gatewayPid ?? '')],
  ];
  const made = [
    ...(keys.operator === undefined ? [] : [['operator', keys.operator]]),
    ...(keys.demo === undefined ? [] : [['tenant demo', keys.demo]]),
  ];
  const table = (rows: string[][]): string =>
    rows.map(([name = '', value]) => `  ${name.padEnd(22)}${value}`).join('\n');
  const shown = made.length === 0 ? '' : `\n\nKeys, shown this once:\n${table(made)}`;
  return `\nParsimony is ready after ${running.seconds.toFixed(1)} s.\n\n${table(places)}${shown}\n\nCtrl-C stops everything.`;
}
