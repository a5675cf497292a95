import type { CallContext, JsonObject, Models, SideQuestion } from '@parsimony/contract';
import type { Simulator } from '@parsimony/simulator';

/** Asks the simulator over HTTP, as the host's egress does, and keeps what was asked on whose behalf. */
export class SimulatedModels implements Models {
  readonly asked: { readonly context: CallContext; readonly question: SideQuestion }[] = [];

  constructor(private readonly simulator: Simulator) {}

  async ask(context: CallContext, question: SideQuestion): Promise<JsonObject> {
    this.asked.push({ context, question });
    const model = question.model.replace(/^[^/]+\//, '');
    const response = await fetch(`${this.simulator.url}/v1/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test' },
      body: JSON.stringify({ ...question.body, model }),
      signal: question.signal,
    });
    const body = (await response.json()) as JsonObject;
    if (!response.ok) throw new Error(`status ${response.status}: ${JSON.stringify(body)}`);
    return body;
  }

  costOf(): bigint {
    return 0n;
  }
}
