import type { PageInfoObject } from './page-info.type.js';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** A page of a list that grows, as Relay's specification has it. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfoObject;
}

/**
 * @param nodes the page's items.
 * @param after the cursor that was asked for.
 */
export function connectionOf<Node>(
  nodes: readonly Node[],
  page: {
    readonly cursorOf: (node: Node) => string;
    readonly hasNextPage: boolean;
    readonly after: string | null | undefined;
  },
): Connection<Node> {
  const edges = nodes.map((node) => ({ cursor: page.cursorOf(node), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
