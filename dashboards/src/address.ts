/** What a page's address says: `#/findings?severity=high`, `#/asset/aid.families?date=2026-05-01`; `#/` is the first page. */
export interface Address {
  /** `findings`, `asset`, …; '' for the first page. */
  page: string;
  /** Whose page it is; '' when the page is nobody's. */
  id: string;
  query: URLSearchParams;
}

/** Reads what follows the `#`. */
export function addressIn(hash: string): Address {
  const [, path = '', query = ''] = /^#\/([^?]*)(?:\?(.*))?$/s.exec(hash) ?? [];
  const [, page = '', id = ''] = /^([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  return { page, id: decoded(id), query: new URLSearchParams(query) };
}

/** @param query as of URLSearchParams.toString(); '' for none. */
export function hashOf(page: string, id = '', query = ''): string {
  return `#/${page}${id === '' ? '' : `/${encodeURIComponent(id)}`}${query === '' ? '' : `?${query}`}`;
}

/** What somebody mistyped stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
