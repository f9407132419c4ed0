import { find } from '../ui/dom.js';

/** The parts of the page, each with an address. The first one is where the plain address leads. */
export const PARTS = /** @type {const} */ (['result', 'explore', 'sql', 'compare', 'evidence', 'privacy']);

/** @typedef {typeof PARTS[number]} Part */

/** @param {string | null} name @returns {name is Part} */
export const isPart = (name) => PARTS.some((part) => part === name);

const root = document.documentElement;

/** The part that is shown. @returns {Part} */
export const shownPart = () => /** @type {Part} */ (root.dataset.part ?? PARTS[0]);

/**
 * Shows a part. Whoever went there goes on from its heading, at the top of the page.
 * @param {Part} part
 * @param {{ focus: boolean }} how
 */
export function showPart(part, { focus }) {
  const changes = part !== shownPart();
  root.dataset.part = part;
  for (const link of document.querySelectorAll('nav [data-part-link]')) {
    if (link.getAttribute('data-part-link') === part) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (changes) revealLink();
  if (!changes || !focus) return;
  scrollTo({ top: 0, behavior: 'instant' });
  headingOf(part)?.focus({ preventScroll: true });
}

/** The first heading of a part that is there in the page's state. @param {Part} part */
function headingOf(part) {
  const headings = [...document.querySelectorAll(`[data-in="${part}"] h2[tabindex], #no-results h2`)];
  return headings.filter((heading) => heading instanceof HTMLElement).find((heading) => heading.checkVisibility());
}

/**
 * The bar's height, below which nothing that is gone to may lie; and at which of its ends there are parts that it has
 * no room for.
 */
export function watchBar() {
  const bar = find('#bar');
  const nav = find('#bar nav');

  function mark() {
    const { scrollLeft, clientWidth, scrollWidth } = nav;
    nav.toggleAttribute('data-before', scrollLeft > 1);
    nav.toggleAttribute('data-after', scrollLeft + clientWidth < scrollWidth - 1);
  }

  nav.addEventListener('scroll', mark, { passive: true });
  nav.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) revealLink(target);
  });
  // Links are observed too: they come with results, and have other words then.
  const sizes = new ResizeObserver(() => {
    root.style.setProperty('--bar', `${bar.offsetHeight}px`);
    revealLink();
    mark();
  });
  for (const one of [bar, ...nav.children]) sizes.observe(one);
}

/** A link, by default of the part that is shown, is in sight, and so are its neighbours where there is room. */
function revealLink(link = find('#bar nav [aria-current]')) {
  const nav = find('#bar nav');
  nav.scrollLeft = link.offsetLeft - nav.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
}
