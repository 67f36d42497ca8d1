/** Names of chains, and the text of probabilities: each read from the rules of a node with such a Service. */
import type { Report } from '../report.ts';
import { NODE, plainCase, plainEndpoint, plainService } from './kube-proxy-case.ts';
import type { ChainNames } from './kube-proxy-format.ts';
import { nodeRules, probabilityOf } from './kube-proxy-rules.ts';
import { worldOf } from './kube-proxy-world.ts';

/** What is hashed begins with "ns1/svc1:p80tcp"; the endpoint, where there is one, stands behind. */
const HASHED = /^([^/]+)\/([^:]+):(\S+?)tcp(.*)$/;

export function checkChainNames(names: ChainNames, report: Report): void {
  for (const hashed of Object.keys(names.nftables ?? {}))
    report.notApplicable(`names/${hashed}`, 'a name of mode nftables; vpcsim models mode iptables');
  const chains = { ...names.iptablesService, ...names.iptablesEndpoint };
  for (const [hashed, expected] of Object.entries(chains)) {
    const id = `names/${hashed}`;
    if (!report.wants(id)) continue;
    const parts = HASHED.exec(hashed);
    if (!parts) {
      report.ran(id, ['not of the form namespace/service:porttcp[address:port]']);
      continue;
    }
    const [, namespace = '', name = '', port = '', endpoint = ''] = parts;
    const service = plainService(namespace, name, port);
    const world = worldOf(plainCase([service], [plainEndpoint(service, endpoint || '10.180.0.1:80')]));
    const prefix = endpoint === '' ? 'KUBE-SVC-' : 'KUBE-SEP-';
    const own = nodeRules(world, NODE, { table: 'nat' })
      .filter(({ chain, rule }) => chain.startsWith(prefix) && rule.includes(`${namespace}/${name}:${port}`))
      .map(({ chain }) => chain);
    const found = [...new Set(own)].join(', ');
    report.ran(id, found === expected ? [] : [`expected  ${expected}`, `got       ${found || 'none'}`]);
  }
}

/** One Service with as many endpoints as the largest number wants: the rules of its chain have all smaller numbers too. */
export function checkProbabilities(probabilities: Readonly<Record<string, string>>, report: Report): void {
  const wanted = Object.keys(probabilities)
    .filter((count) => report.wants(`probabilities/${count}`))
    .map(Number);
  if (wanted.length === 0) return;
  const most = Math.max(...wanted);
  const service = plainService('ns1', 'svc1', 'p80');
  const endpoints = Array.from({ length: most }, (_, i) =>
    plainEndpoint(service, `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}:80`),
  );
  const chain = servicesChain(service.clusterIP, plainCase([service], endpoints));
  for (const count of wanted) {
    const expected = probabilityOf(`--probability ${probabilities[count]!}`);
    const got = probabilityOf(chain[most - count] ?? '');
    const same = got === expected;
    report.ran(
      `probabilities/${count}`,
      same ? [] : [`expected  ${expected} of 2^31`, `got       ${got} of 2^31`],
    );
  }
}

/** The rules that choose among the endpoints. */
function servicesChain(clusterIp: string, what: ReturnType<typeof plainCase>): string[] {
  const world = worldOf(what);
  const services = nodeRules(world, NODE, { table: 'nat', chain: 'KUBE-SERVICES' });
  const entry = services.find(({ rule }) => rule.includes(`-d ${clusterIp}/32 `))?.rule ?? '';
  const chain = /-j (\S+)$/.exec(entry)?.[1] ?? '';
  return nodeRules(world, NODE, { table: 'nat', chain }).map(({ rule }) => rule);
}
