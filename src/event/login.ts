/**
 * The one spelling by which a login name is told, however it was typed: `WangFang`, `CORP\wangfang` and
 * `wangfang@CORP.EXAMPLE` are `wangfang`. A realm is left out only in capitals, as Kerberos writes it, because
 * `wangfang@mail.example` may be somebody else's address.
 */
export function loginOf(account: string): string {
  if (!isSpelled(account)) return account;
  const realm = account.lastIndexOf('@');
  const bare = realm > 0 && isRealm(account.slice(realm + 1)) ? account.slice(0, realm) : account;
  const login = bare.slice(bare.lastIndexOf('\\') + 1);
  return (login === '' ? account : login).toLowerCase();
}

/** Whether there is a capital or a backslash: nearly no name has one, and this is asked of every event. */
function isSpelled(account: string): boolean {
  for (let i = 0; i < account.length; i++) {
    const code = account.charCodeAt(i);
    if ((code >= 65 && code <= 90) || code === 92 || code > 127) return true;
  }
  return false;
}

function isRealm(text: string): boolean {
  return /^[A-Z][A-Z0-9.-]*$/.test(text);
}
