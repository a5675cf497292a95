interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** Asks the gateway's GraphQL with one key. */
export class GraphqlClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  /** @throws Error with the messages of the answer where there are any. */
  async ask<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as GraphqlAnswer<Data>;
    if (errors?.length || !data)
      throw new Error(`GraphQL: ${errors?.map(({ message }) => message).join('; ') ?? `status ${response.status}`}`);
    return data;
  }
}
