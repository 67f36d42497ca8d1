/** Style and script of the page: it stands alone, asks no network, and works without the script. */
import { dark, light, MONOSPACE, SANS } from '../svg/style.ts';

export function pageStyle(): string {
  return [
    `:root{color-scheme:light dark;${colors(light)}}`,
    `@media (prefers-color-scheme:dark){:root{${colors(dark)}}}`,
    `body{margin:0;background:var(--sheet);color:var(--ink);font:14px/1.45 ${SANS}}`,
    'main{max-width:1280px;margin:0 auto;padding:24px}',
    'h1{font-size:22px;margin:0 0 4px}',
    'h2{font-size:17px;margin:32px 0 8px}',
    'h3{font-size:14px;margin:16px 0 4px}',
    'p{margin:4px 0}',
    '.facts,caption,summary{color:var(--quiet)}',
    '.findings{list-style:none;padding:0;margin:16px 0}',
    '.findings li{margin:6px 0;padding-left:12px;border-left:4px solid var(--quiet)}',
    '.findings .now{border-color:var(--blocked)}',
    '.findings .peak,.findings .later{border-color:var(--undetermined)}',
    '.findings .none{border-color:var(--delivered)}',
    '.findings strong{margin-right:8px}',
    '.now strong{color:var(--blocked)}',
    '.peak strong,.later strong{color:var(--undetermined)}',
    '.none strong{color:var(--delivered)}',
    '.findings span{display:block;color:var(--quiet)}',
    'figure{margin:16px -24px;overflow-x:auto}',
    'figure svg{display:block;max-width:100%;min-width:1100px;height:auto}',
    'figcaption{padding:0 24px;color:var(--quiet);font-size:12px}',
    '.scroll{overflow-x:auto}',
    'table{border-collapse:collapse;font-size:13px;margin:8px 0 16px}',
    'caption{text-align:left;padding:4px 0}',
    'th,td{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--faint);vertical-align:top}',
    'tbody th{font-weight:600}',
    'tbody th,td{white-space:nowrap}',
    'tbody .long{white-space:normal;min-width:220px;overflow-wrap:anywhere}',
    '.number{text-align:right;font-variant-numeric:tabular-nums}',
    `#tip{position:fixed;z-index:1;max-width:420px;padding:8px 10px;border:1px solid var(--quiet);border-radius:4px;background:var(--sheet);color:var(--ink);font:12px/1.4 ${MONOSPACE};white-space:pre-line;pointer-events:none}`,
    '#tip[hidden]{display:none}',
    'summary{cursor:pointer}',
    '@media print{main{max-width:none;padding:0}figure svg{min-width:0}}',
  ].join('\n');
}

function colors({ sheet, ink, quiet, faint, delivered, blocked, undetermined }: typeof light): string {
  return Object.entries({ sheet, ink, quiet, faint, delivered, blocked, undetermined })
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** Shows the titles of the charts' parts at once, for the pointer and for the keyboard; Escape hides them. */
export const pageScript = `(() => {
  const tip = document.getElementById('tip');
  for (const title of document.querySelectorAll('figure g > title')) {
    title.parentNode.dataset.tip = title.textContent;
    title.remove();
  }
  const show = (part, x, y) => {
    tip.textContent = part.dataset.tip;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4)) + 'px';
    tip.style.top = Math.max(4, y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18) + 'px';
  };
  const hide = () => { tip.hidden = true; };
  const figure = document.querySelector('figure');
  figure.addEventListener('pointermove', (event) => {
    const part = event.target.closest('[data-tip]');
    if (part) show(part, event.clientX, event.clientY); else hide();
  });
  figure.addEventListener('pointerleave', hide);
  figure.addEventListener('focusin', (event) => {
    const part = event.target.closest('[data-tip]');
    if (!part) return;
    const box = part.getBoundingClientRect();
    show(part, box.left, box.bottom - 12);
  });
  figure.addEventListener('focusout', hide);
  addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
})();`;
