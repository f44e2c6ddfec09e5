/* The timeline, the details and the history of a deal, each in a chunk of its own: the panel is there before them. */
import { type ComponentProps, lazy, Suspense } from 'react';
import { Skeleton } from '../../ui/bits';

/* asked for at once: it is what a panel opens with */
const timeline = import('./timeline-tab');
const LazyTimeline = lazy(() => timeline.then((module) => ({ default: module.TimelineTab })));
const LazyDetails = lazy(() => import('./details').then((module) => ({ default: module.DealDetails })));
const LazyHistory = lazy(() => import('./history-tab').then((module) => ({ default: module.HistoryTab })));

export function TimelineTab(props: ComponentProps<typeof LazyTimeline>) {
	return <Suspense fallback={<Skeleton h={180} />}><LazyTimeline {...props} /></Suspense>;
}

export function Details(props: ComponentProps<typeof LazyDetails>) {
	return <Suspense fallback={<Skeleton h={180} />}><LazyDetails {...props} /></Suspense>;
}

export function HistoryTab(props: ComponentProps<typeof LazyHistory>) {
	return <Suspense fallback={<Skeleton h={180} />}><LazyHistory {...props} /></Suspense>;
}
