import type {
  FindingParties,
  FindingPicture,
  SimilarFindings,
  SubjectDay,
} from '../../../src/finding-context/finding-context.ts';
import { ApiError, call } from '../api.ts';
import { useLoaded, type Loaded } from '../use-loaded.ts';

/** What is looked at beside a finding. */
export interface Contexts {
  picture: FindingPicture;
  day: SubjectDay;
  parties: FindingParties;
  similar: SimilarFindings;
}

const AGAIN_MS = 60_000;
/** A finding is on the page before it is in the store: what is not found yet comes within seconds. */
const STORED_MS = 1_000;
const ATTEMPTS = 10;

/** One part of what is looked at beside a finding, asked again now and then: it may grow. */
export function useContext<What extends keyof Contexts>(id: string, what: What): Loaded<Contexts[What]> {
  const ask = (): Promise<Contexts[What]> => call('GET', `findings/${encodeURIComponent(id)}/context/${what}`);
  return useLoaded(() => untilStored(ask), AGAIN_MS);
}

export async function untilStored<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await ask();
    } catch (fault) {
      if (!(fault instanceof ApiError && fault.status === 404) || attempt === ATTEMPTS) throw fault;
      await new Promise((resume) => setTimeout(resume, STORED_MS));
    }
}
