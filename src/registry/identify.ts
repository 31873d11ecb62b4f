import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Registry, Source } from './registry.ts';

/** What a collector knows of a sender before the first record: see Sender in src/collectors/collector.ts. */
export interface Sender {
  collector: string;
  protocol: string;
  address: string;
  certificateSubject: string;
  certificateFingerprint?: string;
  boundSource: string;
  hasToken: boolean;
}

/** Who a sender is taken for: see Origin in src/collectors/collector.ts. */
export interface Identity {
  collector: string;
  source: string;
  authenticated: boolean;
  identity: 'certificate' | 'token' | 'shared-token' | 'configured' | 'network' | 'claimed';
  peer: string;
  format: string;
  timeZone: string;
  encoding: 'utf-8' | 'gb18030';
}

/**
 * Settles who sends, from what was proven first: certificate, token, then the peer's network address, which is only a claim
 * (datagrams can be forged). A sender that the registry does not know is `<protocol>/<address>`. Host names inside the
 * records are never trusted for this.
 */
export function identify(registry: Registry, sender: Sender, defaultTimeZone: string): Identity {
  const byCertificate = ofCertificate(registry, sender);
  const byToken = byCertificate || sender.boundSource === '' ? undefined : registry.source(sender.boundSource);
  const known = byCertificate ?? byToken ?? byAddress(registry, sender.address);
  const named = known?.id ?? (sender.boundSource === '' ? unknownName(sender) : sender.boundSource);
  return {
    collector: sender.collector,
    source: named,
    authenticated: sender.hasToken || hasCertificate(sender),
    identity: identityOf(sender, known !== undefined),
    peer: sender.address,
    format: known?.format ?? '',
    timeZone: known === undefined || known.timeZone === '' ? defaultTimeZone : known.timeZone,
    encoding: known?.encoding ?? 'utf-8',
  };
}

function identityOf(sender: Sender, isKnown: boolean): Identity['identity'] {
  if (hasCertificate(sender)) return 'certificate';
  if (sender.hasToken) return sender.boundSource === '' ? 'shared-token' : 'token';
  if (sender.boundSource !== '') return 'configured';
  return isKnown ? 'network' : 'claimed';
}

function hasCertificate({ certificateSubject, certificateFingerprint = '' }: Sender): boolean {
  return certificateSubject !== '' || certificateFingerprint !== '';
}

/** A fingerprint names one certificate, a subject whoever the authority gave it to: the fingerprint goes first. */
function ofCertificate(registry: Registry, sender: Sender): Source | undefined {
  const { certificateSubject: subject, certificateFingerprint: print = '' } = sender;
  const sources = registry.sources();
  return (
    (print === '' ? undefined : sources.find(({ certificateFingerprint: kept }) => bare(kept) === print)) ??
    (subject === '' ? undefined : sources.find(({ certificateSubject: kept }) => kept === subject))
  );
}

/** Fingerprints are written with colons and in capitals, or not. */
function bare(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

function unknownName({ protocol, address, certificateSubject }: Sender): string {
  const who = certificateSubject === '' ? address : certificateSubject;
  return who === '' ? protocol : `${protocol}/${who}`;
}

const networks = new WeakMap<Source, BlockList>();

function byAddress(registry: Registry, address: string): Source | undefined {
  if (!isIP(address)) return undefined;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return registry.sources().find((source) => source.addresses.length > 0 && networkOf(source).check(address, family));
}

function networkOf(source: Source): BlockList {
  let network = networks.get(source);
  if (network) return network;
  network = new BlockList();
  for (const range of source.addresses) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) network.addAddress(address, family);
    else network.addSubnet(address, Number(bits), family);
  }
  networks.set(source, network);
  return network;
}
