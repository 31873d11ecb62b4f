import type { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { WanglouError } from '../errors.ts';

/** What a sender's certificate proves; '' for nothing. */
export interface ClientCertificate {
  /** Common name of a verified certificate, and its SHA-256, hexadecimal. */
  certificateSubject: string;
  certificateFingerprint: string;
  /** Why the certificate that was shown is not good: for its holder, and in a few words for counts. */
  fault: { refused: WanglouError; reason: string } | undefined;
}

const NOTHING: ClientCertificate = { certificateSubject: '', certificateFingerprint: '', fault: undefined };

/** Looks at the certificate that the peer of a TLS connection has shown, if it has. */
export function clientCertificate(socket: Socket | TLSSocket): ClientCertificate {
  if (!('authorized' in socket) || !('getPeerCertificate' in socket)) return NOTHING;
  const shown = socket.getPeerCertificate() as Partial<PeerCertificate> | null;
  const { subject, fingerprint256, valid_to: validTo = '', serialNumber = '' } = shown ?? {};
  if (fingerprint256 === undefined) return NOTHING;
  const name: unknown = subject?.CN;
  const certificateSubject = typeof name === 'string' ? name : '';
  if (socket.authorized)
    return {
      certificateSubject,
      certificateFingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
      fault: undefined,
    };
  const code = String(socket.authorizationError);
  const { reason, why } = FAULTS[code] ?? { reason: 'certificate not trusted', why: `is not trusted (${code})` };
  const message = `the client certificate ${certificateSubject} (serial ${serialNumber}, valid to ${validTo}) ${why}`;
  const remedy = 'Send with a certificate of the authority in tlsClientCa that is in force and not revoked.';
  return { ...NOTHING, fault: { refused: new WanglouError('WL_UNAUTHORIZED', message, { remedy }), reason } };
}

/** @returns why a sender is refused that has to have a certificate and has none. */
export function certificateMissing(): { refused: WanglouError; reason: string } {
  const message = 'a client certificate is needed, and none was shown';
  const remedy = 'Send with a certificate of the authority in tlsClientCa.';
  return { refused: new WanglouError('WL_UNAUTHORIZED', message, { remedy }), reason: 'no client certificate' };
}

/** By OpenSSL's names. */
const FAULTS: Readonly<Record<string, { reason: string; why: string }>> = {
  CERT_REVOKED: { reason: 'certificate revoked', why: 'is revoked' },
  CERT_HAS_EXPIRED: { reason: 'certificate expired', why: 'has expired' },
  CERT_NOT_YET_VALID: { reason: 'certificate not yet valid', why: 'is not valid yet' },
  CRL_HAS_EXPIRED: { reason: 'revocation list expired', why: 'can not be checked: the list in tlsCrl has expired' },
  UNABLE_TO_GET_CRL: {
    reason: 'no revocation list',
    why: 'can not be checked: tlsCrl has no list of its authority',
  },
};
