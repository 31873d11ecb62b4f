/**
 * What Elasticsearch's clients ask before they send: Beats the version, licence, templates and ILM; Logstash `HEAD /`,
 * `_xpack`; Vector `_cluster/health`. Everything is answered as by a server where all is in place already.
 */

/** High enough that no Beat finds the server older than itself. */
const VERSION = '9.99.0';

const ROOT = {
  name: 'wanglou',
  cluster_name: 'wanglou',
  cluster_uuid: 'wanglou-intake-0000000',
  version: {
    number: VERSION,
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: '0000000000000000000000000000000000000000',
    build_date: '2026-01-01T00:00:00.000Z',
    build_snapshot: false,
    lucene_version: '10.3.0',
    minimum_wire_compatibility_version: '8.19.0',
    minimum_index_compatibility_version: '8.0.0',
  },
  tagline: 'You Know, for Search',
};

const LICENSE = { uid: 'wanglou', type: 'basic', mode: 'basic', status: 'active' };

const HEALTH = {
  cluster_name: 'wanglou',
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  unassigned_shards: 0,
};

const ACKNOWLEDGED = { acknowledged: true, shards_acknowledged: true };

/** Things that a client puts or looks for; `answer` is what is there under a name. */
const KEPT: Readonly<Record<string, (name: string) => object>> = {
  _index_template: (name) => ({ index_templates: [{ name, index_template: { index_patterns: [name] } }] }),
  _component_template: (name) => ({ component_templates: [{ name, component_template: { template: {} } }] }),
  _template: (name) => ({ [name]: { index_patterns: [name] } }),
  _data_stream: (name) => ({ data_streams: [{ name, timestamp_field: { name: '@timestamp' }, status: 'GREEN' }] }),
  _alias: (name) => ({ [name]: { aliases: {} } }),
};

/** What can be asked of an index; that it holds documents which could be had back is not pretended. */
const OF_AN_INDEX: ReadonlySet<string> = new Set(['_alias', '_mapping', '_mappings', '_settings']);

/** An answer to a probe: status and document. */
export interface ProbeAnswer {
  status: number;
  body: object;
}

/**
 * @param parts of the path, decoded.
 * @returns undefined for what is no probe.
 */
export function probe(method: string, parts: readonly string[], localAddress: string): ProbeAnswer | undefined {
  const isLook = method === 'GET' || method === 'HEAD';
  const body = isLook ? lookUp(parts, localAddress) : change(method, parts);
  return body && { status: 200, body };
}

function lookUp(parts: readonly string[], localAddress: string): object | undefined {
  const [first, second, third] = parts;
  if (first === undefined) return ROOT;
  if (first === '_license')
    return { license: { ...LICENSE, issued_to: 'wanglou', issuer: 'wanglou', max_nodes: 1_000 } };
  if (first === '_xpack') return xpack();
  if (first === '_cluster' && second === 'health') return HEALTH;
  if (first === '_nodes') return nodes(localAddress);
  if (first === '_ilm') return second === 'policy' ? named(third, { version: 1, policy: { phases: {} } }) : {};
  if (first === '_ingest') return named(third, { processors: [] });
  if (Object.hasOwn(KEPT, first)) return KEPT[first]!(second ?? '*');
  const isIndex = !first.startsWith('_') && (second === undefined || OF_AN_INDEX.has(second));
  return isIndex ? named(first, { aliases: {}, mappings: {}, settings: {} }) : undefined;
}

function change(method: string, parts: readonly string[]): object | undefined {
  const first = parts[0];
  if (method !== 'PUT' && method !== 'POST') return undefined;
  if (first === '_ilm' || first === '_ingest' || (first !== undefined && Object.hasOwn(KEPT, first)))
    return ACKNOWLEDGED;
  // PUT /index creates it.
  return method === 'PUT' && parts.length === 1 && !first!.startsWith('_')
    ? { ...ACKNOWLEDGED, index: first }
    : undefined;
}

function named(name: string | undefined, content: object): object {
  return Object.fromEntries([[name ?? '*', content]]);
}

function xpack(): object {
  const available = { available: true, enabled: true };
  return { build: {}, license: LICENSE, features: { ilm: available, data_streams: available }, tagline: ROOT.tagline };
}

function nodes(address: string): object {
  const node = { name: 'wanglou', version: VERSION, roles: ['data', 'ingest', 'master'] };
  const http = { bound_address: [address], publish_address: address };
  return {
    _nodes: { total: 1, successful: 1, failed: 0 },
    cluster_name: 'wanglou',
    nodes: { wanglou: { ...node, http } },
  };
}
