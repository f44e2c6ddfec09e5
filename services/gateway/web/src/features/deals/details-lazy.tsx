/* The details and the history of a deal, each in a chunk of its own: the panel is there before them. */
import { type ComponentProps, lazy, Suspense } from 'react';
import { Skeleton } from '../../ui/bits';

const LazyDetails = lazy(() => import('./details').then((module) => ({ default: module.DealDetails })));
const LazyHistory = lazy(() => import('./history-tab').then((module) => ({ default: module.HistoryTab })));

export function Details(props: ComponentProps<typeof LazyDetails>) {
	return <Suspense fallback={<Skeleton h={180} />}><LazyDetails {...props} /></Suspense>;
}

export function HistoryTab(props: ComponentProps<typeof LazyHistory>) {
	return <Suspense fallback={<Skeleton h={180} />}><LazyHistory {...props} /></Suspense>;
}
