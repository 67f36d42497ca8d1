/** The panel of route tables: what each says, and how many subnets use it. */
import { formatCidr } from '../../addressing/cidr.ts';
import type { World } from '../../world/world.ts';
import { type Block, block, type Mark, writing } from './block.ts';
import { counted, fit, widthOf } from './fit.ts';
import { routeWords } from './inventory.ts';

const LINE = 15;
const PAD = 12;
const MOST_TABLES = 16;

export function routePanel(world: World, width: number): Block {
  const { vpcs, transitGateways } = world.topology;
  const ofVpcs = vpcs.flatMap((vpc) => [
    ...vpc.routeTables.map((table) => {
      const users = vpc.subnets.filter(({ routeTable }) => routeTable === table.name).length;
      return {
        name: vpcs.length > 1 ? `${vpc.name} / ${table.name}` : table.name,
        text: [
          [...routeWords(vpc, table.name), 'local'].join(', '),
          `(${users === 0 ? 'no subnet' : counted(users, 'subnet')})`,
        ].join(' '),
      };
    }),
    ...vpc.endpoints.map(({ name, type, service }) => ({
      name: vpcs.length > 1 ? `${vpc.name} / ${name}` : name,
      text: `${type} endpoint of ${service}`,
    })),
  ]);
  const ofGateways = transitGateways.flatMap(({ name: gateway, routeTables, attachments }) =>
    routeTables.map(({ name, routes }) => {
      const users = attachments.filter(({ association }) => association === name).length;
      const words = routes?.map(({ to, via }) => `${formatCidr(to)} to ${via ?? 'blackhole'}`) ?? [
        'not known',
      ];
      return {
        name: `${gateway} / ${name}`,
        text: `${words.join(', ') || 'no routes'} (${users === 0 ? 'no attachment' : counted(users, 'attachment')})`,
      };
    }),
  );
  const rows = [...ofVpcs, ...ofGateways];
  const title = vpcs.some(({ endpoints }) => endpoints.length > 0)
    ? 'Route tables, endpoints'
    : 'Route tables';
  const shown = rows.slice(0, rows.length > MOST_TABLES + 1 ? MOST_TABLES : undefined);
  const nameRoom = Math.min(
    width * 0.4,
    Math.max(60, ...shown.map(({ name }) => Math.ceil(widthOf(name, 'small')))) + 12,
  );
  const marks: Mark[] = [writing(title, PAD, 20, 'strong')];
  shown.forEach(({ name, text }, i) => {
    const y = 40 + i * LINE;
    marks.push(writing(fit([name], 'small', nameRoom - 8), PAD, y, 'small'));
    marks.push(
      writing(fit([text], 'small quiet', width - 2 * PAD - nameRoom), PAD + nameRoom, y, 'small quiet'),
    );
  });
  const more = rows.length - shown.length;
  if (more > 0) marks.push(writing(`and ${more} more`, PAD, 40 + shown.length * LINE, 'small quiet'));
  return block({
    id: 'panel/routes',
    look: 'card',
    width,
    height: 40 + (shown.length + (more > 0 ? 1 : 0)) * LINE,
    marks,
    tip: rows.map(({ name, text }) => `${name}: ${text}`).join('\n'),
  });
}
