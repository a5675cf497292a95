import type { Environment } from '@parsimony/environment';
import { ensureServiceToken } from './service-token.js';
import { steadyPort } from './steady-port.js';

/** Where the budgets service of this deployment is, or is to be. */
export interface BudgetsPlace {
  /** What tells gateways of it. */
  readonly forGateways: NodeJS.ProcessEnv;
  /** Undefined: it runs elsewhere. */
  readonly own: { readonly url: string; readonly variables: NodeJS.ProcessEnv } | undefined;
}

/** Of the environment, what the service needs: providers' keys and the master key are none of its business. */
const ITS_BUSINESS = /^(PARSIMONY_LOG_LEVEL|PARSIMONY_AUDIT_DAYS|OTEL_.+|PG[A-Z]+|NODE_.+|PATH|TZ)$/;

/**
 * Decides where the budgets service listens and which token it asks for. A port that nobody asked for by name gives way
 * where it is taken: two deployments on one machine are nothing unusual, and only this one's gateways ask there.
 */
export async function placeBudgets(
  variables: NodeJS.ProcessEnv,
  environment: Environment,
  home: string,
): Promise<BudgetsPlace> {
  if (environment.PARSIMONY_BUDGETS_URL.length > 0) return { forGateways: {}, own: undefined };
  const { PARSIMONY_BUDGETS_HOST: host, PARSIMONY_BUDGETS_PORT: wished } = environment;
  const demanded = Boolean(variables['PARSIMONY_BUDGETS_PORT']) && wished !== 0;
  const port = demanded ? wished : await steadyPort(host, wished);
  const token = environment.PARSIMONY_SERVICE_TOKEN ?? (await ensureServiceToken(home));
  const url = `http://${reachable(host)}:${port}`;
  const common = Object.entries(variables).filter(([name]) => ITS_BUSINESS.test(name));
  return {
    forGateways: { PARSIMONY_BUDGETS_URL: url, PARSIMONY_SERVICE_TOKEN: token },
    own: {
      url,
      variables: {
        ...Object.fromEntries(common),
        PARSIMONY_BUDGETS_HOST: host,
        PARSIMONY_BUDGETS_PORT: String(port),
        PARSIMONY_SERVICE_TOKEN: token,
      },
    },
  };
}

/** An address at which this machine reaches what listens on the host. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
