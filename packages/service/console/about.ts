import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What this console can do. */
export interface About {
  /** The author's own folder; absent without one, and when the console can be reached from elsewhere. */
  readonly author?: { readonly folder: string };
  /** Whether the service runs a mirror. */
  readonly mirror?: boolean;
}

export const AboutContext = createContext<About>({});

export const useAbout = () => useContext(AboutContext);
