/** Parts of the page about what may come: peaks, what was asked for, growth, and what would help. */
import type { CapacityReport } from '../../analysis/capacity/report.ts';
import { numbersText } from './advice.ts';
import { escaped, listOf, section, tableOf } from './page-text.ts';
import { amount, counted, peakWords } from './words.ts';

export function peaksSection({ peaks: all }: CapacityReport): string {
  const rows = all.map((peak) => [
    `${peakWords[peak.kind]}, ${peak.of}`,
    peak.fits ? 'fits' : 'does not fit',
    amount(peak.addresses),
    amount(peak.nodes),
    peak.seconds === null ? '' : `${amount(peak.seconds)} s`,
    peak.subnets
      .filter(({ addresses }) => addresses > 0)
      .map(
        ({ subnet, addresses, short }) =>
          `${subnet} ${amount(addresses)}${short > 0 ? `, ${amount(short)} short` : ''}`,
      )
      .join('; '),
    [...peak.stops.map(({ message }) => message), ...peak.because].join('; '),
  ]);
  const columns = [
    { title: 'Peak', long: true },
    { title: 'Fits' },
    { title: 'Addresses more', number: true },
    { title: 'Nodes more', number: true },
    { title: 'Held for' },
    { title: 'Where', long: true },
    { title: 'How', long: true },
  ];
  return section('peaks', 'Peaks', tableOf('Addresses beyond those of today', columns, rows));
}

export function scenarioSection({ scenario: asked }: CapacityReport): string {
  if (!asked) return '';
  const { after, fits, stops } = asked;
  const rows = [
    ...asked.replicas.map(({ workload, from, to }) => [workload, 'replicas', amount(from), amount(to)]),
    ...asked.nodes.map(({ group, from, to }) => [group, 'nodes', amount(from), amount(to)]),
    ...asked.added.map(({ group, nodes }) => [
      group,
      'nodes of the cluster autoscaler',
      '',
      `${amount(nodes)} more`,
    ]),
  ];
  const columns = [
    { title: 'What' },
    { title: '' },
    { title: 'From', number: true },
    { title: 'To', number: true },
  ];
  const outcome = [
    fits ? 'It fits.' : 'It does not fit.',
    `${counted(after.pods, 'pod')} on ${counted(after.nodes, 'node')}, ${amount(after.unschedulable)} without a node, ${amount(after.withoutAddress)} without an address.`,
  ].join(' ');
  return section(
    'scenario',
    'What was asked for',
    tableOf('Changes', columns, rows),
    `<p>${escaped(outcome)}</p>`,
    listOf(stops.map(({ message }) => message)),
  );
}

export function growthSection({ growth: all }: CapacityReport): string {
  if (!all) return '';
  const events = all.events.map(({ at, message }) => `${all.per} ${at}: ${message}`);
  const points = all.timeline.map(({ at, pods, nodes, unschedulable, withoutAddress }) => [
    `${at}`,
    amount(pods),
    amount(nodes),
    amount(unschedulable),
    amount(withoutAddress),
  ]);
  const columns = [all.per, 'Pods', 'Nodes', 'Without a place', 'Without an address'].map((title, place) => ({
    title,
    number: place > 0,
  }));
  return section(
    'growth',
    `Growth of ${all.percent} % a ${all.per}`,
    listOf(events),
    `<details><summary>${escaped(`All ${counted(points.length, 'point')}`)}</summary>\n${tableOf('Over time', columns, points)}\n</details>`,
  );
}

export function adviceSection({ advice: all }: CapacityReport): string {
  const parts = all.map(({ title, changes, costs, ...rest }) => {
    const numbers = numbersText({ title, changes, costs, ...rest });
    return [
      `<h3>${escaped(title)}</h3>`,
      ...(numbers === '' ? [] : [`<p>${escaped(numbers)}</p>`]),
      tableOf(
        'What to write',
        [{ title: 'Where' }, { title: 'Now' }, { title: 'Then' }],
        changes.map(({ where, from, to }) => [where, from ?? '', to]),
      ),
      costs.length > 0 ? `<p>It costs:</p>\n${listOf(costs)}` : '',
    ]
      .filter((part) => part !== '')
      .join('\n');
  });
  return section('advice', 'What would help', ...parts);
}
