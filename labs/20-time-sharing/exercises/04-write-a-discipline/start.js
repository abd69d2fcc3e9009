/**
 * Where in the queue a task joins, and how long it may stay. The task of
 * lowest rank runs first; among equals the one that has waited longest.
 * Who joins at a lower rank takes the processor from the one who runs.
 *
 * task     id, user, pages, arrivedAt; total: cycles that it has had;
 *          burst: … since it last waited for its user;
 *          stay: … in its latest stay; rank: at which it joined last
 * why      'started', 'answered' (what it waited for has come),
 *          'expired' (its quantum is over), 'preempted', 'waited'
 *          (its patience has come to an end in the queue)
 * moment   now, second, quantum: in cycles; pagesPerQuantum: that can
 *          be moved into core and out again in one quantum; ready: how
 *          many want to run; lowest: least rank of the others, or null;
 *          recent: processor time that its user has had lately
 *
 * Returns { rank, quantum } and, if it is to be placed anew when it has
 * waited too long, patience. quantum null: until it waits or ends.
 */
function place(task, why, moment) {
  // Round-robin: the same for all.
  return { rank: 0, quantum: moment.quantum };
}
