import type { Operation } from '@parsimony/contract';
import { translate, type Protocol, type Translate } from '@parsimony/protocols';
import { MODEL_PLACE, type Dialect } from '../dialects/dialect.js';

/** Between the caller's protocol and the provider's. */
export interface RouteTranslation {
  readonly from: Protocol;
  readonly to: Protocol;
  readonly translate: Translate;
}

/** How one operation reaches one provider. */
export interface Route {
  /** With the base URL's own path before it; {@link MODEL_PLACE} in it stands for the model. */
  readonly path: string;
  readonly namesModel: boolean;
  /** Where the provider does not speak the operation itself. */
  readonly translation?: RouteTranslation;
}

export type Routes = Readonly<Partial<Record<Operation, Route>>>;

const PROTOCOLS: readonly Protocol[] = ['chat.completions', 'responses', 'messages'];

/** @param basePath of the provider's base URL, without a slash at its end. */
export function routesOf({ paths }: Dialect, basePath: string): Routes {
  const routes: Partial<Record<Operation, Route>> = {};
  for (const [operation, path] of Object.entries(paths) as [Operation, string][])
    routes[operation] = { path: basePath + path, namesModel: path.includes(MODEL_PLACE) };
  const spoken = (Object.keys(paths) as Operation[]).filter(isProtocol);
  for (const from of PROTOCOLS) {
    for (const to of spoken) {
      const translator = translate(from, to);
      const route = routes[to];
      if (translator && route) routes[from] ??= { ...route, translation: { from, to, translate: translator } };
    }
  }
  return routes;
}

function isProtocol(operation: Operation): operation is Protocol {
  return (PROTOCOLS as readonly Operation[]).includes(operation);
}
