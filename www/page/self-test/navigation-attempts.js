// Ways to send a request to an address that this page would go to, tried on purpose: by a link that downloads
// or opens a window, or by an address that is answered with nothing, the page itself stays.
import { OUT, asString, pause, present, refusedByScript, Untried } from '../../shared/egress-attempts.js';

/**
 * @typedef {import('../../shared/egress-attempts.js').Attempt} Attempt
 * @typedef {import('../../shared/egress-attempts.js').Target} Target
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Each makes a link lead to an address. @type {Record<string, (url: string, host: string) => Element>} */
const LINKS = {
  'that downloads': (url) => Object.assign(document.createElement('a'), { download: 'a', href: url }),
  'for a new window': (url) =>
    Object.assign(document.createElement('a'), { target: '_blank', rel: 'noopener', href: url }),
  'by setAttribute': (url) => made((link) => link.setAttribute('href', url)),
  'by setAttributeNS': (url) => made((link) => link.setAttributeNS(null, 'href', url)),
  'by a name with two faces': (url) => {
    let asked = 0;
    const name = asString({ toString: () => ((asked += 1) > 1 ? 'href' : 'title') });
    return made((link) => link.setAttribute(name, url));
  },
  'by an address with two faces': (url) => {
    let asked = 0;
    return made((link) => {
      link.href = asString({ toString: () => ((asked += 1) > 1 ? url : '#') });
    });
  },
  'by setAttributeNode': (url) => made((link) => link.setAttributeNode(attribute(url))),
  'by attributes': (url) => made((link) => link.attributes.setNamedItem(attribute(url))),
  'by Attr.value': (url) =>
    made((link) => {
      own(link).value = url;
    }),
  'by Attr.nodeValue': (url) =>
    made((link) => {
      own(link).nodeValue = url;
    }),
  'by Attr.textContent': (url) =>
    made((link) => {
      own(link).textContent = url;
    }),
  'by the parts of its address': (url, host) =>
    made((link) => {
      link.href = '#';
      link.host = host;
      link.pathname = new URL(url).pathname;
    }),
  'of a map': (url) => {
    const link = document.createElement('area');
    document.body.append(link);
    setTimeout(() => link.remove(), 2000);
    return Object.assign(link, { target: '_blank', rel: 'noopener', href: url });
  },
  'of a drawing': (url) => {
    const link = document.createElementNS(SVG, 'a');
    link.setAttribute('href', url);
    link.setAttribute('target', '_blank');
    return link;
  },
  'with a ping': (url) =>
    made((link) => {
      link.href = '#privacy';
      link.ping = url;
    }),
  'to a page made here': (url) =>
    made((link) => {
      link.target = '_blank';
      link.removeAttribute('download');
      const page = `<meta http-equiv="refresh" content="0;url=${url}">`;
      link.href = URL.createObjectURL(new Blob([page], { type: 'text/html' }));
    }),
};

/** A link that downloads, so that the page stays. @param {(link: HTMLAnchorElement) => unknown} change */
function made(change) {
  const link = document.createElement('a');
  link.download = 'a';
  change(link);
  return link;
}

/** @param {string} url */
function attribute(url) {
  const attr = document.createAttribute('href');
  attr.value = url;
  return attr;
}

/** @param {HTMLAnchorElement} link */
function own(link) {
  link.href = '#';
  return /** @type {Attr} */ (link.getAttributeNode('href'));
}

/** Each goes to an address. @type {Record<string, (url: string) => unknown>} */
const GOING = {
  'to an address by location': (url) => {
    location.href = url;
  },
  'to an address by location.replace': (url) => location.replace(url),
  'to an address by navigation': (url) => {
    const { committed, finished } = present('navigation').navigate(url);
    for (const promise of [committed, finished]) promise?.catch(() => undefined);
  },
};

/** Each has something of the page's own file connect. @type {Record<string, (url: string) => unknown>} */
const REUSED = {
  'refresh by a meta of the page': (url) => {
    const meta = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="description"]'));
    meta.content = `0;url=${url}`;
    meta.httpEquiv = 'refresh';
  },
  'refresh by a copy of a meta': (url) => {
    const meta = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="description"]')?.cloneNode());
    meta.setAttribute('content', `0;url=${url}`);
    meta.setAttribute('http-equiv', 'refresh');
    document.head.append(meta);
  },
  'preconnect by a link of the page': (url) => {
    const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));
    link.setAttribute('rel', 'preconnect');
    link.setAttribute('href', url);
  },
  'preconnect by a list of a link’s words': (url) => {
    const link = /** @type {HTMLLinkElement} */ (document.querySelector('link')?.cloneNode());
    link.relList.add('preconnect');
    link.href = url;
    document.head.append(link);
  },
};

/** What a form sends. @type {Record<string, (url: string) => unknown>} */
const FORMS = {
  'requestSubmit in a shadow root': (url) => {
    const host = document.createElement('div');
    document.body.append(host);
    const form = document.createElement('form');
    host.attachShadow({ mode: 'closed' }).append(form);
    Object.assign(form, { action: url, target: '_blank' }).requestSubmit();
    host.remove();
  },
  'formaction of a button': (url) => {
    const [form, button] = [document.createElement('form'), document.createElement('button')];
    button.setAttribute('formaction', url);
    button.setAttribute('formtarget', '_blank');
    form.append(button);
    document.body.append(form);
    button.click();
    form.remove();
  },
};

/** @param {Record<string, (url: string) => unknown>} ways */
const plain = (ways) =>
  Object.entries(ways).map(([way, act]) => ({
    way,
    act: async (/** @type {Target} */ { url }) => {
      await act(url('http', encodeURIComponent(way)));
      await pause(300);
      return OUT;
    },
  }));

export const NAVIGATIONS = /** @type {Attempt[]} */ ([
  ...Object.entries(LINKS).map(([how, make]) => ({
    way: `link ${how}`,
    act: async (/** @type {Target} */ { url, host }) => {
      const link = make(url('http', encodeURIComponent(`link ${how}`)), host);
      link.dispatchEvent(new MouseEvent('click', { cancelable: true }));
      await pause(300);
      return OUT;
    },
  })),
  ...plain(FORMS),
  ...plain(REUSED),
  ...Object.entries(GOING).map(([how, act]) => ({
    way: `going ${how}`,
    act: (/** @type {Target} */ { url }) => goingTo(() => act(url('http', encodeURIComponent(`going ${how}`)))),
  })),
]);

/**
 * Goes to an address if the browser can refuse that; else this page, and what it shows, would be gone.
 * @param {() => unknown} go
 */
async function goingTo(go) {
  const { navigation } = /** @type {{ navigation?: EventTarget }} */ (/** @type {unknown} */ (globalThis));
  if (!navigation) throw new Untried();
  const event = await new Promise((resolve) => {
    navigation.addEventListener('navigate', resolve, { once: true });
    go();
    setTimeout(resolve, 1000);
  });
  if (/** @type {Event | undefined} */ (event)?.defaultPrevented) refusedByScript('navigate');
  await pause(300);
  return OUT;
}
