import type { Call } from '@parsimony/contract';

export interface CopyChanges {
  readonly id?: string;
  readonly tenantId?: string;
  readonly signal?: AbortSignal;
}

/** A call of equal content that shares nothing changeable with the sample, so that no check sees another's traces. */
export function copyCall(sample: Call, changes: CopyChanges = {}): Call {
  const { signal: _, received, ...content } = sample;
  const copy = structuredClone(content) as Call;
  return {
    ...copy,
    id: changes.id ?? copy.id,
    caller: { ...copy.caller, tenantId: changes.tenantId ?? copy.caller.tenantId },
    signal: changes.signal ?? new AbortController().signal,
    ...(received && { received: { bytes: received.bytes, body: copy.body } }),
  } as Call;
}
