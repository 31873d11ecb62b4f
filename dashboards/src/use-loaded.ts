import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';

export interface Loaded<T> {
  /** Undefined until the first answer. */
  value: ShallowRef<T | undefined>;
  /** Why the last try failed; what was loaded before stays. */
  fault: ShallowRef<unknown>;
  loading: Ref<boolean>;
  load: () => Promise<void>;
}

/** What the server says, asked now and again every few seconds for as long as the component lives. */
export function useLoaded<T>(ask: () => Promise<T>, everyMs: number): Loaded<T> {
  const value: ShallowRef<T | undefined> = shallowRef();
  const fault = shallowRef<unknown>();
  const loading = ref(false);
  /** Answers to earlier questions are not listened to. */
  let question = 0;

  async function load(): Promise<void> {
    const mine = ++question;
    loading.value = true;
    try {
      const answer = await ask();
      if (mine !== question) return;
      value.value = answer;
      fault.value = undefined;
    } catch (error) {
      if (mine === question) fault.value = error;
    }
    if (mine === question) loading.value = false;
  }
  const timer = setInterval(() => void load(), everyMs);
  onScopeDispose(() => clearInterval(timer));
  void load();
  return { value, fault, loading, load };
}
