/** A capacity report as one page: findings, charts, and every table in text. It needs no network and no font of its own. */
import type { CapacityReport } from '../../analysis/capacity/report.ts';
import { SCALE_NOTE } from './footnotes.ts';
import { factsOf, titleOf, urgencyWords } from './headline.ts';
import { pageScript, pageStyle } from './page-style.ts';
import { pageTables } from './page-tables.ts';
import { escaped } from './page-text.ts';
import { renderCapacityCharts } from './svg.ts';

/** The same bytes for the same report. */
export async function renderCapacityHtml(report: CapacityReport): Promise<string> {
  const charts = await renderCapacityCharts(report);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(titleOf(report))}</title>`,
    `<style>\n${pageStyle()}\n</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escaped(titleOf(report))}</h1>`,
    `<p class="facts">${escaped(factsOf(report))}</p>`,
    ...findings(report),
    '<figure>',
    charts.slice(charts.indexOf('<svg')).trim(),
    `<figcaption>${escaped(SCALE_NOTE)} Point at a part, or go there by Tab, for its numbers.</figcaption>`,
    '</figure>',
    ...pageTables(report).filter((part) => part !== ''),
    '</main>',
    '<div id="tip" role="tooltip" hidden></div>',
    `<script>\n${pageScript}\n</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function findings({ findings: all }: CapacityReport): string[] {
  if (all.length === 0) return [];
  return [
    '<ul class="findings">',
    ...all.map(({ urgency, message, cure }) => {
      const help = cure === null ? '' : `<span>${escaped(cure)}</span>`;
      return `<li class="${urgency}"><strong>${urgencyWords[urgency].word}</strong>${escaped(message)}${help}</li>`;
    }),
    '</ul>',
  ];
}
