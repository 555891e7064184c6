import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type About, AboutContext } from './about.ts';
import { KeyboardHelp, showKeyboardHelp } from './keyboard.tsx';
import { matchPath, navigate, path } from './location.ts';
import { Page, ProblemBox } from './page.tsx';
import type { PageParameters } from './page-parameters.ts';
import { unreachable, useResource } from './rest.ts';
import { routes } from './routes.ts';

/** The console: the header, and the page of the address. */
export function App() {
  const { data: about, problem } = useResource<About>('/console/api/about');
  if (problem !== undefined)
    return (
      <Page title="d365 console">
        <ProblemBox problem={problem} />
      </Page>
    );
  if (about === undefined) return null;
  return (
    <AboutContext.Provider value={about}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Header about={about} />
      <CurrentPage />
      <KeyboardHelp />
    </AboutContext.Provider>
  );
}

function Header({ about }: { readonly about: About }) {
  const links: readonly (readonly [path: string, name: string])[] = [
    ['/connections', 'Connections'],
    ['/subscriptions', 'Subscriptions'],
    ...(about.mirror === true ? [['/mirror', 'Mirror'] as const] : []),
    ['/sandbox', 'Sandbox'],
    ...(about.author === undefined ? [] : [['/author', 'Author'] as const]),
  ];
  return (
    <header>
      <strong>d365 console</strong>
      <nav aria-label="Pages">
        {links.map(([to, name]) => (
          <a key={to} href={`/console${to}`} aria-current={path.value.startsWith(to) ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <button type="button" onClick={showKeyboardHelp}>
        Keyboard
      </button>
    </header>
  );
}

/** Loads the program of the page and shows it. The last page stays while the next one is loaded. */
function CurrentPage() {
  const here = path.value;
  const [shown, setShown] = useState<{
    View: ComponentType<{ parameters: PageParameters }>;
    parameters: PageParameters;
  }>();
  useEffect(() => {
    if (here === '/') return navigate('/connections');
    const found = routes.flatMap(({ pattern, load }) => {
      const parameters = matchPath(pattern, here);
      return parameters === undefined ? [] : [{ load, parameters }];
    })[0];
    let isCurrent = true;
    if (found === undefined) setShown({ View: NoPage, parameters: {} });
    else
      found.load().then(
        ({ default: View }) => isCurrent && setShown({ View, parameters: found.parameters }),
        () => isCurrent && setShown({ View: NotLoaded, parameters: {} }),
      );
    return () => {
      isCurrent = false;
    };
  }, [here]);
  return shown === undefined ? null : <shown.View key={here} parameters={shown.parameters} />;
}

function NotLoaded() {
  return (
    <Page title="The page cannot be loaded">
      <ProblemBox problem={unreachable} />
    </Page>
  );
}

function NoPage() {
  return (
    <Page title="There is no such page">
      <p>
        <a href="/console/connections">Connections</a>
      </p>
    </Page>
  );
}
