/* A read under way when something is told to be stale: its answer may be the older one, so it is asked once more. */
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rereadLate } from '../../src/api/late';

const key = ['contacts', 'w'];
let client: QueryClient;
let answers: Array<(rows: string[]) => void>;
let stop: () => void = () => undefined;

const watch = () => {
	stop = new QueryObserver(client, { queryKey: key, staleTime: Infinity, queryFn: () => new Promise<string[]>((resolve) => { answers.push(resolve); }) }).subscribe(() => undefined);
};
const answer = async (at: number, rows: string[]) => {
	answers[at]?.(rows);
	await vi.waitFor(() => expect(client.getQueryData(key)).toEqual(rows));
	await Promise.resolve();
};

beforeEach(() => {
	answers = [];
	client = new QueryClient();
	rereadLate(client);
});
afterEach(() => {
	stop();
	client.clear();
});

describe('a first read', () => {
	it('is done once more where it was told to be stale meanwhile', async () => {
		watch();
		void client.invalidateQueries({ queryKey: ['contacts'] });
		void client.invalidateQueries({ queryKey: ['contacts'] });
		expect(answers.length).toBe(1);
		await answer(0, ['six']);
		await vi.waitFor(() => expect(answers.length).toBe(2));
		await answer(1, ['six', 'seven', 'eight']);
		expect(answers.length).toBe(2);
	});
	it('is left alone where nothing was told', async () => {
		watch();
		await answer(0, ['six']);
		expect(answers.length).toBe(1);
	});
	it('of which another key is told is left alone', async () => {
		watch();
		void client.invalidateQueries({ queryKey: ['accounts'] });
		await answer(0, ['six']);
		expect(answers.length).toBe(1);
	});
});
