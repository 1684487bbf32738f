import { threadId } from 'node:worker_threads'

export default (id) => (threadId > 0 ? id : 'not in a thread')
