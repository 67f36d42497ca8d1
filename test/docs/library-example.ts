import { buildWorld, InputError, loadTopology, type Parsed, trace } from '../../src/index.ts';

const file = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    subnets: [{ name: a, cidr: 10.0.1.0/24 }, { name: b, cidr: 10.0.2.0/24 }]
    securityGroups:
      - { name: db, ingress: [{ protocol: tcp, ports: 5432, from: 10.0.1.0/28 }] }
instances:
  - { name: app, subnet: a, address: 10.0.1.77 }
  - { name: db, subnet: b, address: 10.0.2.10, securityGroups: [db], listen: [tcp/5432] }
`;

// Path in, text or bytes out; and the paths that match a pattern, of which there are none here.
const read = (path: string) => (path === 'db.yaml' ? { text: file } : undefined);
const list = () => [];

function must<T>(result: Parsed<T>): T {
  if (result.ok) return result.value;
  throw new InputError(result.issues);
}

const world = must(buildWorld(must(loadTopology('db.yaml', read, list))));
const { verdict, blockers } = must(trace(world, { from: 'instance/app', to: 'instance/db:5432' }));

export const answer = [verdict, ...blockers.map(({ code, device, fix }) => `${code} at ${device}: ${fix}`)];
