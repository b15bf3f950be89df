"""The search for what is not finite, as LLVM's text."""

from __future__ import annotations

FINITE = """\
; whether all numbers are finite: the largest of them without sign, compared as integers
declare <8 x i64> @llvm.umax.v8i64(<8 x i64>, <8 x i64>)
declare i64 @llvm.vector.reduce.umax.v8i64(<8 x i64>)
define internal i1 @finite(ptr noalias %numbers, i64 %count) nounwind {
  %whole = and i64 %count, -8
  br label %wide
wide:
  %i = phi i64 [0, %0], [%next, %step]
  %most = phi <8 x i64> [zeroinitializer, %0], [%higher, %step]
  %inside = icmp slt i64 %i, %whole
  br i1 %inside, label %step, label %rest
step:
  %from = getelementptr i64, ptr %numbers, i64 %i
  %eight = load <8 x i64>, ptr %from, align 8
  %sizes = shl <8 x i64> %eight, splat (i64 1)
  %higher = call <8 x i64> @llvm.umax.v8i64(<8 x i64> %most, <8 x i64> %sizes)
  %next = add i64 %i, 8
  br label %wide
rest:
  %found = call i64 @llvm.vector.reduce.umax.v8i64(<8 x i64> %most)
  br label %narrow
narrow:
  %k = phi i64 [%whole, %rest], [%following, %one]
  %largest = phi i64 [%found, %rest], [%larger, %one]
  %more = icmp slt i64 %k, %count
  br i1 %more, label %one, label %done
one:
  %at = getelementptr i64, ptr %numbers, i64 %k
  %number = load i64, ptr %at, align 8
  %size = shl i64 %number, 1
  %above = icmp ugt i64 %size, %largest
  %larger = select i1 %above, i64 %size, i64 %largest
  %following = add i64 %k, 1
  br label %narrow
done:
  %finite = icmp ult i64 %largest, -9007199254740992
  ret i1 %finite
}
"""
"""`@finite(ptr numbers, i64 count)`, which says whether all numbers are finite."""
