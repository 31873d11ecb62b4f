import { inject, onScopeDispose, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import { addressIn, hashOf, type Address } from './address.ts';

/** The address of the page that is shown. Back and Forward, links and setQuery change it. */
export interface AddressBar {
  address: ShallowRef<Address>;
  /** Replaces the query of the page that is shown, without a step in the history; '' for none. */
  setQuery: (query: string) => void;
}

const KEY: InjectionKey<AddressBar> = Symbol('address');

export function provideAddress(): AddressBar {
  const address = shallowRef(addressIn(location.hash));
  const read = (): void => {
    address.value = addressIn(location.hash);
  };
  window.addEventListener('popstate', read);
  onScopeDispose(() => window.removeEventListener('popstate', read));
  const setQuery = (query: string): void => {
    const { page, id } = address.value;
    const hash = hashOf(page, id, query);
    if (hash === location.hash) return;
    history.replaceState(null, '', location.pathname + hash);
    read();
  };
  const bar = { address, setQuery };
  provide(KEY, bar);
  return bar;
}

export function useAddress(): AddressBar {
  return inject(KEY)!;
}
