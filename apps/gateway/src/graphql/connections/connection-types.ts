import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import type { Requirement } from '../access/requirement.js';
import { Requires } from '../access/requires.decorator.js';
import type { Connection, Edge } from './connection.js';
import { PageInfoObject } from './page-info.type.js';

/** Makes `<name>Connection` and `<name>Edge` around an object type. */
export function connectionTypes<Node extends object>(
  node: Type<Node>,
  name: string,
  requirement: Requirement,
): Type<Connection<Node>> {
  @ObjectType(`${name}Edge`)
  @Requires(requirement)
  class EdgeObject implements Edge<Node> {
    @Field(() => String)
    cursor!: string;

    @Field(() => node)
    node!: Node;
  }

  @ObjectType(`${name}Connection`)
  @Requires(requirement)
  class ConnectionObject implements Connection<Node> {
    @Field(() => [EdgeObject])
    edges!: EdgeObject[];

    @Field(() => [node], { description: 'The nodes of the edges, for who needs no cursors.' })
    nodes!: Node[];

    @Field(() => PageInfoObject)
    pageInfo!: PageInfoObject;
  }

  return ConnectionObject;
}
