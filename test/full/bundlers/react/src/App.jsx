import { lazy, Suspense, useSyncExternalStore } from 'react';

const Home = lazy(() => import('./Home.jsx'));
const Work = lazy(() => import('./Work.jsx'));

function subscribe(listener) {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** An app with two routes. */
export function App() {
  const Route = useSyncExternalStore(subscribe, () => location.hash) === '#/work' ? Work : Home;
  return (
    <>
      <nav>
        <a href="#/">Home</a> <a href="#/work">Work</a>
      </nav>
      <Suspense>
        <Route />
      </Suspense>
    </>
  );
}
