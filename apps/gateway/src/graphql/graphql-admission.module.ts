import { Module } from '@nestjs/common';
import { GraphqlAdmission } from './graphql-admission.js';

/** A module of its own, since the options of GraphQL's module need it too. */
@Module({ providers: [GraphqlAdmission], exports: [GraphqlAdmission] })
export class GraphqlAdmissionModule {}
